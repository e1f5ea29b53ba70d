package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {

  @ParameterizedTest
  @CsvSource({
    "0,0 B",
    "1023,1023 B",
    "1024,1.00 KiB",
    "1185568,1.13 MiB",
    "10485760,10.0 MiB",
    "1048063,1023 KiB",
    "1048575,1.00 MiB",
    "107374182400,100 GiB",
    "9223372036854775807,8388608 TiB"
  })
  void bytesInBinaryUnits(long bytes, String text) {
    assertThat(Quantity.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "9999,9999",
    "10000,10.0 thousand",
    "292800,293 thousand",
    "999999,1.00 million",
    "1235814400,1.24 billion"
  })
  void countsInDecimalUnits(long count, String text) {
    assertThat(Quantity.count(count)).isEqualTo(text);
  }
}
