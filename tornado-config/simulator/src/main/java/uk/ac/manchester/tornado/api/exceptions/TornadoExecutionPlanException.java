package uk.ac.manchester.tornado.api.exceptions;

/** A failure of an execution plan, its closing included. */
public class TornadoExecutionPlanException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A failure described by a message. */
  public TornadoExecutionPlanException(String message) {
    super(message);
  }

  /** A failure described by a message and its cause. */
  public TornadoExecutionPlanException(String message, Throwable cause) {
    super(message, cause);
  }
}
