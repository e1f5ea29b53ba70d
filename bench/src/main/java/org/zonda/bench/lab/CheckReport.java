package org.zonda.bench.lab;

import java.util.List;

/**
 * What the check of a kernel found.
 *
 * @param id the kernel of the catalogue
 * @param kernel what was run: class and method
 * @param places everywhere that it was, or was to be, run
 */
public record CheckReport(String id, String kernel, List<PlaceResult> places) {

  /**
   * Whether the kernel is right as far as was seen.
   *
   * @return whether it was run somewhere and nothing is wrong
   */
  public boolean passed() {
    return places.stream().noneMatch(PlaceResult::failed)
        && places.stream().anyMatch(place -> !place.cases().isEmpty());
  }
}
