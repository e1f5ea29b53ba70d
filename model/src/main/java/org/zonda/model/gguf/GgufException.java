package org.zonda.model.gguf;

import org.zonda.model.ZondaException;

/** A GGUF file that breaks the format; the message names file, field, value and expectation. */
public final class GgufException extends ZondaException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message one complete line
   */
  public GgufException(String message) {
    super(message);
  }

  /**
   * Creates the exception with the fault that led to it.
   *
   * @param message one complete line
   * @param cause the fault below
   */
  public GgufException(String message, Throwable cause) {
    super(message, cause);
  }
}
