package org.zonda.bench.picture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.zonda.bench.Machine;
import org.zonda.bench.Spread;
import org.zonda.bench.picture.BarChart.Bar;
import org.zonda.bench.picture.BarChart.Group;
import org.zonda.bench.picture.Curves.Point;
import org.zonda.bench.picture.Curves.Scale;
import org.zonda.bench.picture.Curves.Series;
import org.zonda.bench.picture.Roofline.Kernel;
import org.zonda.bench.picture.Roofline.Roof;

/** Pictures of usual and of ugly data. The tests parse them; {@link #main} is for the eyes. */
final class Gallery {

  static final String HOSTILE = "<script>alert('1')</script> & \"x\" ]]> \u0000\uD800 \u202E";
  static final String LONG =
      "an engine of a very long name, built with everything that there is, version 12.34.56-rc7";

  private static final double GIGA = 1e9;
  private static final List<Roof> ROOFS =
      List.of(
          new Roof("f32", 30.1 * GIGA, OptionalDouble.of(224 * GIGA)),
          new Roof("int8", 30.1 * GIGA, OptionalDouble.of(643 * GIGA)));

  private Gallery() {}

  /**
   * Writes a page of all pictures.
   *
   * @param arguments the file
   */
  public static void main(String[] arguments) throws IOException {
    Report report = new Report("Gallery");
    report.text("Pictures of usual and of ugly data. The figures are invented.");
    report.fact("model", "none");
    report.measuredOn(Machine.detect(), Optional.of("0123456789"), Instant.EPOCH);
    pictures()
        .forEach(
            (name, picture) -> {
              report.section(name);
              report.picture(picture);
            });
    report.rows("[{\"invented\":true}]");
    Files.writeString(Path.of(arguments[0]), report.toHtml());
  }

  static Map<String, Picture> pictures() {
    Map<String, Picture> all = new LinkedHashMap<>();
    all.put("bars of engines", engines());
    all.put("one bar", bars("One", bar("Zonda", 12.5)));
    all.put("no spread", bars("Equal runs", bar("Zonda", 5, 5, 5), bar("other", 5, 5, 5)));
    all.put("huge ranges", bars("From 1e-5 to 1e9", bar("a", 1e-5), bar("b", 3.2), bar("c", 1e9)));
    all.put("zero only", bars("Nothing moved", bar("a", 0), bar("b", 0, 0)));
    all.put("forty bars", forty());
    all.put("remarks and gaps", remarks());
    all.put("hostile bars", bars(HOSTILE, bar(HOSTILE, 3, 4), bar(LONG, 1, 2)));
    all.put("no numbers", bars("Not numbers", bar("NaN", Double.NaN), bar("infinite", 1, 1 / 0.0)));
    all.put("no bars", new BarChart("Nothing", BarChart.MORE, List.of()));
    all.put("an empty group", new BarChart("Empty", "", List.of(new Group("a test", List.of()))));
    all.put("depths", depths());
    all.put("threads", threads());
    all.put("one point", curves(Scale.LOG2, series("Zonda", point(1, 4, 5, 6))));
    all.put("many series", many());
    all.put("hostile curves", curves(Scale.LINEAR, series(HOSTILE, point(1, 2), point(2, 1))));
    all.put("no curves", curves(Scale.LINEAR));
    all.put("kernels of the CPU", kernels());
    all.put("kernels in one place", crowd());
    all.put("hostile kernels", hostileKernels());
    all.put("no peak", noPeak());
    all.put("no roof", new Roofline("No roof", "", List.of(), List.of(kernel("dot", 1, 2, null))));
    all.put("roofs only", new Roofline("Roofs", "", ROOFS, List.of()));
    all.put("several memories", memories());
    all.put("no kernels", new Roofline("Nothing", "", List.of(), List.of()));
    return all;
  }

  static Bar bar(String label, double... values) {
    return new Bar(label, spread(values));
  }

  static Spread spread(double... values) {
    return new Spread(Arrays.stream(values).boxed().toList());
  }

  private static BarChart bars(String title, Bar... bars) {
    return new BarChart(title, BarChart.MORE, List.of(new Group("", List.of(bars))));
  }

  static BarChart engines() {
    List<Group> groups = new ArrayList<>();
    String[] formats = {"Q8_0", "Q4_0", "Q4_K", "Q6_K", "F16"};
    double[][] medians = {
      {25.4, 26.1, 8.1}, {38, 39.2, 9}, {35, 37.3, 8}, {28.5, 29, 2.1}, {12, 12.1, 6}
    };
    String[] names = {"Zonda", "llama.cpp", "llama3.java"};
    for (int f = 0; f < formats.length; f++) {
      List<Bar> bars = new ArrayList<>();
      for (int e = 0; e < names.length; e++) {
        double median = medians[f][e];
        bars.add(bar(names[e], median * 0.95, median, median * 1.02));
      }
      groups.add(new Group(formats[f], bars));
    }
    return new BarChart("Decode, tg32, tokens/s", BarChart.MORE, groups);
  }

  private static BarChart forty() {
    Bar[] bars = new Bar[40];
    for (int i = 0; i < bars.length; i++) {
      bars[i] = bar("candidate " + i, 10.0 + i, 12.0 + i, 15.0 + i);
    }
    return bars("Forty", bars);
  }

  private static BarChart remarks() {
    Spread some = new Spread(List.of(3.0, 4.0));
    return bars(
        "Decode, tokens/s",
        new Bar("CPU", some),
        new Bar("simulator", Optional.of(some), "simulator: no speed claim", false),
        new Bar("GPU", Optional.empty(), "", true),
        new Bar("PoCL", Optional.of(some), "CPU device (such as PoCL): not a GPU's speed", true));
  }

  static Point point(double x, double... values) {
    return new Point(x, spread(values));
  }

  static Series series(String name, Point... points) {
    return new Series(name, List.of(points));
  }

  private static Curves curves(Scale scale, Series... series) {
    return new Curves("Curves, tokens/s", BarChart.MORE, "threads", scale, List.of(series));
  }

  private static Curves depths() {
    return new Curves(
        "Decode over depth, tokens/s",
        BarChart.MORE,
        "tokens in the context before",
        Scale.LINEAR,
        List.of(
            series("Q8_0", point(0, 25, 25.5, 26), point(512, 24, 24.5, 25), point(2048, 21, 22)),
            series("Q4_0", point(0, 36, 38, 39), point(512, 35, 36), point(2048, 30, 33, 34)),
            series("F16", point(0, 12), point(512, 11.9), point(2048, 11.2))));
  }

  private static Curves threads() {
    return curves(
        Scale.LOG2,
        series("decode", point(1, 14, 15), point(2, 25, 26), point(4, 40, 44), point(8, 41, 50)),
        series("prefill", point(1, 50), point(2, 99), point(4, 190), point(8, 350, 370, 380)));
  }

  private static Curves many() {
    List<Series> all = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      Point[] points = new Point[33];
      for (int n = 0; n < points.length; n++) {
        double speed = (20 + i * 0.4) * Math.sqrt(1 + n);
        points[n] = point(1 + n, speed * 0.97, speed, speed * 1.02);
      }
      all.add(series(i % 5 == 0 ? LONG + i : "series " + i, points));
    }
    return new Curves(
        "Tokens/s over parallel sequences", BarChart.MORE, "sequences", Scale.LOG2, all);
  }

  static Kernel kernel(String name, double intensity, double giga, String roof) {
    return new Kernel(
        name,
        intensity,
        new Spread(List.of(giga * GIGA * 0.93, giga * GIGA, giga * GIGA * 1.03)),
        Optional.ofNullable(roof));
  }

  private static Roofline kernels() {
    return new Roofline(
        "Kernels under their roofs",
        "2 threads; percentages are shares of the roof",
        ROOFS,
        List.of(
            kernel("matvec Q8_0", 32.0 / 34, 27, "int8"),
            kernel("matvec Q4_0", 32.0 / 18, 49, "int8"),
            kernel("matvec Q4_K", 256.0 / 144, 50, "int8"),
            kernel("matvec Q6_K", 256.0 / 210, 33, "int8"),
            kernel("matvec F16", 0.5, 14.2, "f32"),
            kernel("matvec BF16", 0.5, 14.3, "f32"),
            kernel("matvec F32", 0.25, 7.1, "f32"),
            kernel("gemm 512 Q8_0", 150, 410, "int8"),
            kernel("gemm 512 Q4_0", 170, 400, "int8"),
            kernel("gemm 512 Q4_K", 168, 390, "int8"),
            kernel("gemm 512 F16", 120, 180, "f32"),
            kernel("attention 2048", 1, 11, "f32")));
  }

  static Roofline crowd() {
    List<Kernel> kernels = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      kernels.add(kernel("matvec.q8_0 " + (1024 << i % 4) + " x " + i, 0.94, 20 + i % 5, "int8"));
    }
    return new Roofline("Forty kernels in one place", "", ROOFS, kernels);
  }

  private static Roofline hostileKernels() {
    return new Roofline(
        HOSTILE,
        HOSTILE,
        List.of(new Roof(HOSTILE, GIGA, OptionalDouble.of(GIGA))),
        List.of(
            kernel(HOSTILE, 2, 0.7, HOSTILE),
            kernel(LONG, 1e-9, 1e-9, null),
            kernel("faster than it can be", 4, 1e6, HOSTILE),
            kernel("stuck", 4, 0, HOSTILE),
            kernel("no number", Double.NaN, 1, HOSTILE)));
  }

  private static Roofline noPeak() {
    return new Roofline(
        "Only the memory is known",
        "",
        List.of(new Roof("device", 800 * GIGA, OptionalDouble.empty())),
        List.of(kernel("copy", 0.1, 60, "device"), kernel("matvec", 1.8, 900, "device")));
  }

  private static Roofline memories() {
    return new Roofline(
        "Cache and memory",
        "",
        List.of(
            new Roof("cache", 120 * GIGA, OptionalDouble.of(224 * GIGA)),
            new Roof("memory", 30 * GIGA, OptionalDouble.of(224 * GIGA)),
            new Roof("memory, one thread", 15 * GIGA, OptionalDouble.of(121 * GIGA))),
        List.of(kernel("warm", 1, 90, "cache"), kernel("cold", 1, 25, "memory")));
  }
}
