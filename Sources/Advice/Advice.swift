/// Renders predictions for people.
public enum Advice {}
