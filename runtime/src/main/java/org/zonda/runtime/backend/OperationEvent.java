package org.zonda.runtime.backend;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A step of a pass, for Java Flight Recorder. */
@Name("org.zonda.Operation")
@Label("Operation")
@Category("Zonda")
@Description("An operation of a model's forward pass, or several that ran as one")
@StackTrace(false)
final class OperationEvent extends Event {

  @Label("Operation")
  String operation;

  @Label("Weight")
  @Description("The weights without their layer, joined with +")
  String weight;

  @Label("Format")
  @Description("How the weights are stored")
  String format;

  @Label("Layer")
  String layer;

  @Label("Rows")
  @Description("Tokens of the pass")
  int rows;

  @Label("Bytes")
  @Description("Weights, keys and values that it cannot but read")
  @DataAmount
  long bytes;

  @Label("Multiply-adds")
  long multiplyAdds;

  @Label("Time")
  @Description("How long it took; on a device by the device's clock, where it ended earlier")
  @Timespan(Timespan.NANOSECONDS)
  long time;
}
