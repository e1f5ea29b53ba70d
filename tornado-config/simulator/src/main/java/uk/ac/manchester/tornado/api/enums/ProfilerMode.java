package uk.ac.manchester.tornado.api.enums;

/** What is done with measured times. */
public enum ProfilerMode {
  /** They are printed. */
  CONSOLE,
  /** They are kept for the result. */
  SILENT
}
