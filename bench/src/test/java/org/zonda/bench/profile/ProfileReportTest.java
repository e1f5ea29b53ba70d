package org.zonda.bench.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.zonda.bench.ReadSpeed;
import org.zonda.bench.Spread;
import org.zonda.runtime.profile.PhaseProfile;

class ProfileReportTest {

  @Test
  void numbersHaveAPointInEveryLanguage() {
    PhaseProfile none = new PhaseProfile(0, 0, 0, List.of(), List.of());
    ProfileReport report =
        new ProfileReport(
            none, none, new ReadSpeed.Measured("read by loops", new Spread(List.of(3.25e9))));
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(report.toText())
          .isEqualTo("of read: the share of 3.3 GB/s, as read by loops" + System.lineSeparator());
    } finally {
      Locale.setDefault(before);
    }
  }
}
