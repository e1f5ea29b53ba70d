package org.zonda.bench.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.zonda.bench.Machine;

class ReportTest {

  private static final Pattern REFERENCE =
      Pattern.compile("(?:href|src)=\"([^\"]*)\"|url\\(|@import");

  private static Report everything() {
    Report report = new Report(Gallery.HOSTILE);
    report.text(Gallery.HOSTILE).section(Gallery.HOSTILE).fact(Gallery.HOSTILE, Gallery.HOSTILE);
    report.measuredOn(Machine.detect(), Optional.empty(), Instant.EPOCH);
    Gallery.pictures().values().forEach(report::picture);
    report.table(new Table("a", List.of("b", "c"), List.of(List.of("d", Gallery.HOSTILE))));
    report.list(List.of(Gallery.HOSTILE));
    return report.rows("{\"name\": \"</pre><script>\"}");
  }

  @Test
  void needsNothingElse() {
    String html = everything().toHtml();

    assertThat(html).startsWith("<!DOCTYPE html>\n").doesNotContain("<script");
    List<String> references = REFERENCE.matcher(html).results().map(MatchResult::group).toList();
    assertThat(references)
        .hasSize(Gallery.pictures().size() + 1)
        .allMatch(reference -> reference.startsWith("href=\"data:"));
  }

  /** Apart from what HTML alone allows, the page is XML: every element that opens closes. */
  @Test
  void everyElementIsClosed() {
    String html = everything().toHtml();
    String xml =
        html.replace("<!DOCTYPE html>", "")
            .replaceAll("<meta ([^>]*)>", "<meta $1/>")
            .replace("<a download", "<a data-download");

    Parsed page = Parsed.of(xml);

    assertThat(page.all("script")).isEmpty();
    assertThat(page.all("h1").getFirst().getTextContent())
        .startsWith("<script>alert('1')</script>");
    assertThat(page.all("svg")).hasSize(Gallery.pictures().size());
    assertThat(page.all("table")).hasSize(Gallery.pictures().size() + 1);
    assertThat(page.all("pre").getFirst().getTextContent())
        .isEqualTo("{\"name\": \"</pre><script>\"}");
  }

  @Test
  void carriesPicturesAndRowsToSave() {
    BarChart chart = Gallery.engines();
    String html = new Report("A report").picture(chart).rows("[1,2]").toHtml();

    assertThat(saved(html, "decode-tg32-tokens-s.svg")).isEqualTo(chart.toSvg());
    assertThat(saved(html, "a-report.json")).isEqualTo("[1,2]");
  }

  private static String saved(String html, String file) {
    String before = "download=\"" + file + "\" href=\"data:";
    int start = html.indexOf(before);
    assertThat(start).as(file).isPositive();
    int data = html.indexOf(";base64,", start) + ";base64,".length();
    return new String(
        Base64.getDecoder().decode(html.substring(data, html.indexOf('"', data))),
        StandardCharsets.UTF_8);
  }

  @Test
  void tellsWhereItWasMeasured() {
    String html =
        new Report("r")
            .measuredOn(
                new Machine("A CPU", 2, 8_000_000_000L, "Linux 6", "OpenJDK 25"),
                Optional.of("abc123"),
                Instant.EPOCH)
            .toHtml();

    assertThat(html)
        .contains("<dt>machine</dt><dd>A CPU, 2 cores, 8.00 GB; Linux 6</dd>")
        .contains("<dt>java</dt><dd>OpenJDK 25</dd>")
        .contains("<dt>commit</dt><dd>abc123</dd>")
        .contains("<dt>time</dt><dd>1970-01-01T00:00:00Z</dd>")
        .containsOnlyOnce("<dl>");
  }

  @Test
  void partsStandInOrder() {
    String html =
        new Report("r").fact("a", "1").fact("b", "2").text("between").fact("c", "3").toHtml();

    assertThat(html)
        .containsSubsequence(
            "<dl>", "<dd>1</dd>", "<dd>2</dd>", "</dl>", "<p>between</p>", "<dl>", "</dl>");
  }

  @Test
  void wordsBeginAndNumbersEndTheirColumns() {
    List<String> first = List.of("a", "-", "12.5", "CPU");
    List<String> second = List.of("1", "7", "-", "");
    Table table = new Table("t", List.of("h", "i", "j", "k"), List.of(first, first, second));

    assertThat(new Report("r").table(table).toHtml())
        .contains(
            "<th class=\"words\" scope=\"col\">h</th><th scope=\"col\">i</th>"
                + "<th scope=\"col\">j</th><th class=\"words\" scope=\"col\">k</th>",
            "<th class=\"words\" scope=\"row\">1</th><td>7</td><td>-</td>"
                + "<td class=\"words\"></td>");
  }

  @Test
  void tablesHaveWholeRows() {
    assertThatThrownBy(() -> new Table("t", List.of("a", "b"), List.of(List.of("c"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a row of 1 cells in a table of 2 columns: [c]");
  }

  @Test
  void fileNamesAreHarmless() {
    assertThat(Markup.fileName("../../etc/passwd", ".svg")).isEqualTo("etc-passwd.svg");
    assertThat(Markup.fileName("\u0000</a>", ".svg")).isEqualTo("a.svg");
    assertThat(Markup.fileName("日本", ".json")).isEqualTo("zonda.json");
    assertThat(Markup.fileName("x".repeat(500), ".svg")).hasSize(64);
  }
}
