package org.zonda.model;

/** A well-formed model that uses something Zonda does not know; the message lists what it knows. */
public final class UnsupportedModelException extends ZondaException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message one complete line that names what is unknown and what is known
   */
  public UnsupportedModelException(String message) {
    super(message);
  }
}
