/// The parts of the page that are the same for every timeline.
enum PageBody {
  static let controls = """
    <div class="bar" role="toolbar" aria-label="What is shown">
    <fieldset><legend>View</legend>
    <label><input type="radio" name="view" value="ladder" checked> ladder</label>
    <label><input type="radio" name="view" value="map"> state map</label></fieldset>
    <fieldset><legend>Time</legend>
    <label><input type="radio" name="axis" value="folded" checked> folded</label>
    <label><input type="radio" name="axis" value="linear"> to scale</label></fieldset>
    <fieldset><legend>Zoom</legend>
    <button type="button" id="out" aria-label="zoom out">−</button>
    <button type="button" id="in" aria-label="zoom in">+</button>
    <button type="button" id="fit">all</button></fieldset>
    <fieldset><legend><label for="level">Detail</label></legend>
    <select id="level"><option value="0">the story</option><option value="1">details</option>
    <option value="2">everything</option></select></fieldset>
    <fieldset><legend>Kinds</legend><span id="kinds"></span></fieldset>
    </div>

    """

  static let picture = """
    <div class="stage">
    <div id="scroll" tabindex="0" role="application" aria-label="The ladder: time downwards, a lane for each host. \
    Arrow keys go from event to event, Enter marks one, question mark shows the keys." aria-describedby="status">
    <canvas id="canvas"></canvas><div id="spacer"></div></div>
    <aside id="panel" aria-label="The chosen event"></aside>
    </div>
    <p id="status" class="status"></p>
    <p id="say" class="unseen" role="status" aria-live="polite"></p>
    <div id="tip" class="tip" role="tooltip" hidden></div>
    <details id="help" class="live"><summary>Keys and signs</summary>
    <p>In the picture: <kbd>↓</kbd> <kbd>↑</kbd> or <kbd>j</kbd> <kbd>k</kbd> the next or last event, <kbd>Home</kbd>
    <kbd>End</kbd> the first or last, <kbd>Enter</kbd> marks the chosen one (two marks: the time between),
    <kbd>Esc</kbd> takes marks away, <kbd>Page Down</kbd> <kbd>Page Up</kbd> scroll, <kbd>+</kbd> <kbd>−</kbd> zoom,
    <kbd>0</kbd> everything on one screen, <kbd>1</kbd> the usual size, <kbd>l</kbd> folded or to scale, <kbd>d</kbd> more
    detail, <kbd>m</kbd> the state map, where <kbd>←</kbd> <kbd>→</kbd> move. With the pointer: hover shows every member of
    an event, a click marks, dragging moves, the wheel with Ctrl zooms.</p>
    <p>A bar is a socket, its colour and pattern the state; a wedge is the armed timer, as wide as the time that is left;
    grey is a program blocked in a system call; a cross is where a packet died; hatching is what is out of order; the
    shaded stretch is the predicted window; torn edges enclose what is folded.</p></details>
    <details id="story" class="live"><summary>The story as text</summary>
    <p id="pages"><button type="button" id="before">earlier</button> <button type="button" id="after">later</button>
    <span id="page"></span></p>
    <table class="rows"><thead><tr><th scope="col">seconds</th><th scope="col">where</th><th scope="col">what</th>
    <th scope="col">event</th></tr></thead><tbody id="rows"></tbody></table></details>

    """
}
