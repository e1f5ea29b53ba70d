package org.zonda.bench.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zonda.bench.picture.Box.Line;

/**
 * Finds places for labels near dots: one after another, each at the nearest place where it covers
 * no dot and no other label, and if possible no line either.
 */
final class Labels {

  private static final double NEAREST = 9;

  /** Up to here a label belongs to its dot without a line between them. */
  private static final double NO_LEADER = 10;

  /** Rather over a line than farther away. */
  private static final double FAR = 130;

  private static final int ANGLES = 16;

  private final Box room;
  private final List<Box> taken = new ArrayList<>();
  private final List<Line> leaders = new ArrayList<>();
  private final List<Line> avoided;

  /**
   * Begins with no label.
   *
   * @param room where they must be
   * @param taken what they must not cover: dots and other text
   * @param avoided lines that they should rather not cover
   */
  Labels(Box room, List<Box> taken, List<Line> avoided) {
    this.room = room;
    this.taken.addAll(taken);
    this.avoided = avoided;
  }

  /**
   * Where a label is.
   *
   * @param box its room
   * @param leader from the dot, where it is far from it
   */
  record Place(Box box, Optional<Line> leader) {}

  /**
   * Finds a place, which is taken from then on.
   *
   * @return empty if there is none
   */
  Optional<Place> place(double x, double y, double width, double height) {
    double farthest = Math.hypot(room.right() - room.left(), room.bottom() - room.top());
    Optional<Place> found = search(x, y, width, height, FAR, true, true);
    if (found.isEmpty()) {
      found = search(x, y, width, height, farthest, false, true);
    }
    if (found.isEmpty()) {
      found = search(x, y, width, height, farthest, false, false);
    }
    found.ifPresent(
        place -> {
          taken.add(place.box());
          place.leader().ifPresent(leaders::add);
        });
    return found;
  }

  private Optional<Place> search(
      double x, double y, double width, double height, double reach, boolean clear, boolean apart) {
    for (double radius = NEAREST; radius <= reach; radius += radius < 40 ? 5 : 12) {
      for (int i = 0; i < ANGLES; i++) {
        // To the right, a little down, a little up, and so on to the left.
        double angle = Math.PI * 2 * ((i % 2 == 0 ? 1 : -1) * (i + 1) / 2) / ANGLES;
        Box box =
            Box.around(
                x + Math.cos(angle) * (radius + width / 2),
                y + Math.sin(angle) * (radius + height / 2),
                width,
                height);
        Line leader = leader(x, y, box);
        if (room.holds(box)
            && taken.stream().noneMatch(box::meets)
            && (!clear || avoided.stream().noneMatch(line -> line.meets(box)))
            && (!apart || apart(x, y, box, leader))) {
          return Optional.of(
              new Place(box, radius > NO_LEADER ? Optional.of(leader) : Optional.empty()));
        }
      }
    }
    return Optional.empty();
  }

  private static Line leader(double x, double y, Box box) {
    return new Line(
        x, y, Math.clamp(x, box.left(), box.right()), Math.clamp(y, box.top(), box.bottom()));
  }

  /** Whether neither the box covers a leader nor the leader runs through what is there. */
  private boolean apart(double x, double y, Box box, Line leader) {
    Box dot = Box.around(x, y, 2, 2);
    return leaders.stream().noneMatch(other -> other.meets(box))
        && taken.stream().noneMatch(other -> !other.meets(dot) && leader.meets(other));
  }
}
