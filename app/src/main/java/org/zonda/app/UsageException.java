package org.zonda.app;

import org.zonda.model.ZondaException;

/**
 * A command line whose parts are well-formed and yet make no sense; the help would have said so.
 */
final class UsageException extends ZondaException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
