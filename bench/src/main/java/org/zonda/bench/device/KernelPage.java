package org.zonda.bench.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.zonda.bench.Spread;
import org.zonda.bench.picture.BarChart;
import org.zonda.bench.picture.BarChart.Bar;
import org.zonda.bench.picture.BarChart.Group;
import org.zonda.bench.picture.Report;
import org.zonda.bench.picture.Roofline;

/** The page of a {@link KernelReport}. */
final class KernelPage {

  private final KernelReport report;

  private KernelPage(KernelReport report) {
    this.report = report;
  }

  static String of(KernelReport report) {
    return new KernelPage(report).html();
  }

  private String html() {
    Report page = new Report("Kernels on " + report.device());
    report.hardware().caveat().ifPresent(page::text);
    page.fact("device", report.device());
    report.profile().ifPresent(profile -> page.fact("profile", profile));
    page.measuredOn(report.machine(), report.commit(), report.time());
    if (!report.roofs().isEmpty()
        && report.timings().stream().anyMatch(timing -> timing.multiplyAdds() > 0)) {
      page.picture(roofline());
    }
    page.picture(bars());
    return page.list(report.notes()).rows(report.toJson()).toHtml();
  }

  private Roofline roofline() {
    return new Roofline(
        "Kernels below the machine's limits",
        "closer to the line is better",
        report.roofs(),
        report.timings().stream()
            .filter(timing -> timing.multiplyAdds() > 0)
            .map(
                timing ->
                    new Roofline.Kernel(
                        label(timing),
                        timing.intensity(),
                        timing.compute(),
                        report.roof(timing).map(Roofline.Roof::name)))
            .toList());
  }

  /** Short, since it stands in the picture: of a user's kernel, its own name. */
  private static String label(KernelTiming timing) {
    String name = timing.kernel();
    int by = name.indexOf(" by ");
    return (by < 0 ? name : name.substring(by + " by ".length())) + ", " + timing.shape();
  }

  private BarChart bars() {
    Map<String, List<Bar>> groups = new LinkedHashMap<>();
    for (KernelTiming timing : report.timings()) {
      Spread gigabytes =
          new Spread(timing.speed().values().stream().map(speed -> speed * 1e-9).toList());
      OptionalDouble share = report.share(timing);
      String ofRoof =
          share.isEmpty()
              ? ""
              : String.format(Locale.ROOT, ", %.0f%% of roof", 100 * share.getAsDouble());
      groups
          .computeIfAbsent(timing.kernel(), name -> new ArrayList<>())
          .add(
              new Bar(
                  timing.shape() + ofRoof,
                  Optional.of(gigabytes),
                  report.hardware().caveat().orElse(""),
                  report.hardware().claimsSpeed()));
    }
    return new BarChart(
        "What kernels move, GB/s",
        BarChart.MORE,
        groups.entrySet().stream()
            .map(entry -> new Group(entry.getKey(), entry.getValue()))
            .toList());
  }
}
