package org.zonda.model.template;

import org.zonda.model.ZondaException;

/** What is wrong with a template, or with what it was given: names the template and the line. */
public final class TemplateException extends ZondaException {
  private static final long serialVersionUID = 1L;

  private static final int MAX_LENGTH = 1000;

  private final String reason;
  private final String place;
  private final boolean raised;

  private TemplateException(String message, String place, String reason, boolean raised) {
    super(message);
    this.reason = reason;
    this.place = place;
    this.raised = raised;
  }

  /** A fault whose place is not known yet; {@link #at} gives it one. */
  TemplateException(String reason) {
    this(oneLine(reason), "", oneLine(reason), false);
  }

  /** A refusal by the template itself. */
  static TemplateException raised(String reason) {
    return new TemplateException(oneLine(reason), "", oneLine(reason), true);
  }

  /**
   * The same fault at a place, unless it has one already.
   *
   * @param where such as {@code line 3}
   */
  TemplateException at(String where) {
    return place.isEmpty() ? copy(where + ": " + reason, where) : this;
  }

  /** The same fault, of a template. */
  TemplateException of(String template) {
    return copy(template + (place.isEmpty() ? "" : ", " + place) + ": " + reason, place);
  }

  private TemplateException copy(String message, String where) {
    TemplateException copy = new TemplateException(message, where, reason, raised);
    copy.setStackTrace(getStackTrace());
    return copy;
  }

  /**
   * What is wrong, without the template and the place.
   *
   * @return one line; where the template refused, its own words
   */
  public String reason() {
    return reason;
  }

  /**
   * Whether the template itself refused what it was given, by {@code raise_exception}.
   *
   * @return false for faults of the template
   */
  public boolean isRaised() {
    return raised;
  }

  private static String oneLine(String text) {
    String shown = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "..." : text;
    return shown.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
  }
}
