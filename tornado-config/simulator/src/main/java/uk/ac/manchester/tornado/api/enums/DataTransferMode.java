package uk.ac.manchester.tornado.api.enums;

/** When an array is copied between host and device. */
public class DataTransferMode {

  /** At the first execution of the graph only. */
  public static final int FIRST_EXECUTION = 0;

  /** At each execution. */
  public static final int EVERY_EXECUTION = 1;

  /** Only when asked for through the execution's result. */
  public static final int UNDER_DEMAND = 2;

  /** Holds constants only. */
  public DataTransferMode() {}
}
