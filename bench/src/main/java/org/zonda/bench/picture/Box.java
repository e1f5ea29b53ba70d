package org.zonda.bench.picture;

/** A rectangle with sides along the axes. */
record Box(double left, double top, double right, double bottom) {

  static Box around(double x, double y, double width, double height) {
    return new Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2);
  }

  boolean meets(Box other) {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }

  boolean holds(Box other) {
    return left <= other.left && other.right <= right && top <= other.top && other.bottom <= bottom;
  }

  /** A straight line between two points. */
  record Line(double x1, double y1, double x2, double y2) {

    double length() {
      return Math.hypot(x2 - x1, y2 - y1);
    }

    /** Whether a part of it lies within a box (Liang and Barsky 1984). */
    boolean meets(Box box) {
      double[] slopes = {x1 - x2, x2 - x1, y1 - y2, y2 - y1};
      double[] rooms = {x1 - box.left, box.right - x1, y1 - box.top, box.bottom - y1};
      double enter = 0;
      double leave = 1;
      for (int side = 0; side < 4; side++) {
        if (slopes[side] == 0) {
          if (rooms[side] <= 0) {
            return false;
          }
        } else if (slopes[side] < 0) {
          enter = Math.max(enter, rooms[side] / slopes[side]);
        } else {
          leave = Math.min(leave, rooms[side] / slopes[side]);
        }
      }
      return enter < leave;
    }
  }
}
