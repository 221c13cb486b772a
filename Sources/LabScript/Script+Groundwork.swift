extension Script {
  /// What of the lab shapes the network and the disks before its first step: labs of the same groundwork can use a network
  /// that was built for another one.
  ///
  /// The lab's name, prose, parameters, kernel settings, files, peers, claims and steps are left out.
  public var groundwork: Script {
    var groundwork = Script(name: "")
    groundwork.network = network
    groundwork.family = family
    groundwork.middlebox = middlebox.map { box in
      var box = box
      box.line = 0
      return box
    }
    groundwork.hosts = hosts.map { host in
      var host = host
      host.line = 0
      return host
    }
    groundwork.preparations = preparations.map { preparation in
      var preparation = preparation
      preparation.line = 0
      return preparation
    }
    return groundwork
  }
}
