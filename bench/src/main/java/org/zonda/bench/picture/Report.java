package org.zonda.bench.picture;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.zonda.bench.Machine;

/**
 * A page of pictures and tables in one file that needs no other, without scripts. Parts stand in
 * the order in which they are added; all text is escaped.
 */
public final class Report {

  /**
   * An empty page.
   *
   * @param title its title and first heading
   */
  public Report(String title) {}

  /** Adds a paragraph. */
  public Report text(String paragraph) {
    return this;
  }

  /** Adds a heading. */
  public Report section(String heading) {
    return this;
  }

  /** Adds names and what they stand for. */
  public Report facts(Map<String, String> facts) {
    return this;
  }

  /** Adds where and when something was measured. */
  public Report measuredOn(Machine machine, Optional<String> commit, Instant time) {
    return this;
  }

  /** Adds a picture, a link that saves it by itself, and its table. */
  public Report picture(Picture picture) {
    return this;
  }

  /** Adds a table. */
  public Report table(Table table) {
    return this;
  }

  /** Adds a list. */
  public Report list(List<String> items) {
    return this;
  }

  /** Adds the raw rows, to look at, copy or save. */
  public Report rows(String json) {
    return this;
  }

  /** The page. */
  public String toHtml() {
    throw new UnsupportedOperationException();
  }
}
