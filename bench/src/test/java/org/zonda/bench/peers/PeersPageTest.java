package org.zonda.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.bench.Machine;
import org.zonda.bench.picture.Parsed;
import org.zonda.model.ZondaException;

class PeersPageTest {

  private static final String ROWS =
      """
      round,file,engine,what,value
      1,q8_0.gguf,zonda,pp512,300
      1,q8_0.gguf,zonda,tg32,24
      1,q8_0.gguf,"other, <new>",tg32,20
      2,q8_0.gguf,zonda,tg32,26
      2,q8_0.gguf,"other, <new>",tg32,30
      1,f16.gguf,zonda,tg32,12
      1,-,zonda,first,0.5
      """;

  private static final Pattern PICTURE = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL);

  private static String page() {
    return new PeersPage(PeersRows.read("rows.csv", ROWS))
        .page(
            Map.of("threads", "2"),
            new Machine("A CPU", 2, 8_000_000_000L, "Linux", "a JVM"),
            Optional.of("0123456789"),
            Instant.EPOCH);
  }

  @Test
  void hasBarsForEachMeasureByFileAndEngine() {
    List<Parsed> pictures =
        PICTURE.matcher(page()).results().map(found -> Parsed.of(found.group())).toList();

    assertThat(pictures)
        .extracting(svg -> svg.texts().getFirst())
        .containsExactly(
            "Prefill, pp512, tokens/s",
            "Decode, tg32, tokens/s",
            "From a cold start to the first token, seconds");
    assertThat(pictures.get(1).texts())
        .containsExactly(
            "Decode, tg32, tokens/s",
            "more is better",
            "q8_0.gguf",
            "zonda",
            "25.0 (24.0 to 26.0)",
            "other, <new>",
            "25.0 (20.0 to 30.0)",
            "f16.gguf",
            "zonda",
            "12.0");
    assertThat(pictures.get(2).texts()).contains("less is better", "0.500");
  }

  @Test
  void tellsRatiosAndWhereItWasMeasured() {
    String ratios = page().substring(page().indexOf("zonda over the others"));
    assertThat(ratios)
        .contains("<th scope=\"col\">of other, &lt;new&gt;</th>")
        .contains(
            "<th class=\"words\" scope=\"row\">q8_0.gguf</th><td class=\"words\">tg32</td><td>1.00</td>")
        .doesNotContain("scope=\"row\">f16.gguf</th>");
    assertThat(page()).contains("<dd>2</dd>", "<dd>0123456789</dd>", "<dd>a JVM</dd>");
  }

  @Test
  void keepsTheRawRows() throws Exception {
    JsonNode rows = new ObjectMapper().readTree(PeersRows.read("rows.csv", ROWS).toJson());

    assertThat(rows).hasSize(7);
    assertThat(rows.get(2))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    "{\"round\":\"1\",\"file\":\"q8_0.gguf\",\"engine\":\"other, <new>\","
                        + "\"what\":\"tg32\",\"value\":20.0}"));
  }

  @Test
  void aQuoteInACellIsWrittenTwice() {
    assertThat(
            PeersRows.read("r", "file,engine,what,value\n\"a\"\"b\",e,w,1")
                .rows()
                .getFirst()
                .file())
        .isEqualTo("a\"b");
  }

  @Test
  void saysWhatIsWrongWithRows() {
    assertThatThrownBy(() -> PeersRows.read("r.csv", "file,engine,value\n"))
        .isInstanceOf(ZondaException.class)
        .hasMessage(
            "r.csv: column 'what' is missing; the first line must name file, engine, what, value,"
                + " but is 'file,engine,value'");
    assertThatThrownBy(() -> PeersRows.read("r.csv", ""))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("column 'file' is missing");
    assertThatThrownBy(() -> PeersRows.read("r.csv", "file,engine,what,value\na,b,c\n"))
        .isInstanceOf(ZondaException.class)
        .hasMessage("r.csv: line 2 has 3 cells; the first line names 4 columns");
    assertThatThrownBy(() -> PeersRows.read("r.csv", "file,engine,what,value\na,b,c,d\n"))
        .isInstanceOf(ZondaException.class)
        .hasMessage("r.csv: line 2 has the value 'd'; it must be a number");
    assertThatThrownBy(() -> PeersRows.read("r.csv", "file,engine,what,value\n\"a,b,c,1\n"))
        .isInstanceOf(ZondaException.class)
        .hasMessage("r.csv: line 2 ends within quotes; a cell must not have line breaks");
  }

  @Test
  void writesThePage(@TempDir Path folder) throws IOException {
    Path rows = Files.writeString(folder.resolve("rows.csv"), ROWS);
    Path page = folder.resolve("page.html");

    PeersPage.write(rows, page, List.of("note=a = b"));

    assertThat(page).content().contains("<dt>note</dt><dd>a = b</dd>");
    assertThatThrownBy(() -> PeersPage.write(rows, page, List.of("nothing")))
        .isInstanceOf(ZondaException.class)
        .hasMessage("'nothing' is no fact; one is NAME=VALUE");
    assertThatThrownBy(() -> PeersPage.write(folder.resolve("none"), page, List.of()))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("none cannot be read");
    assertThatThrownBy(() -> PeersPage.write(rows, folder.resolve("no/page.html"), List.of()))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("page.html cannot be written");
  }
}
