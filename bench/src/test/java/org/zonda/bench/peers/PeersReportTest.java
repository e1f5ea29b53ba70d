package org.zonda.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs as each engine writes them, with figures that nobody measured. */
class PeersReportTest {

  @TempDir private Path folder;

  private void zonda(String name, String pp, String tg) throws Exception {
    Files.writeString(
        folder.resolve(name),
        """
        {"commit": "abc", "machine": {"java": "a JVM"},
         "runs": [{"backend": "CPU, 2 threads", "cache_bytes": 16000000, "measurements": [
          {"test": "pp512", "depth": 0, "tokens_per_second": [%s]},
          {"test": "tg32", "depth": 2048, "tokens_per_second": [%s]}]}]}
        """
            .formatted(pp, tg));
  }

  private void llama(String name, String pp, String tg) throws Exception {
    Files.writeString(
        folder.resolve(name),
        """
        [ {"build_number": 7, "build_commit": "def", "n_prompt": 512, "n_gen": 0,
           "samples_ts": [ %s ], "avg_ts": 1},
          {"n_prompt": 0, "n_gen": 32, "n_depth": 2048, "samples_ts": [ %s ], "avg_ts": 1} ]
        """
            .formatted(pp, tg));
  }

  @BeforeEach
  void measure() throws Exception {
    zonda("z1", "100", "12");
    llama("l1", "200", "10");
    zonda("z2", "120", "10");
    llama("l2", "200", "20");
    Files.writeString(
        folder.resolve("j1"),
        "{\"n_prompt\": 64, \"n_gen\": 0, \"avg_ts\": 50}\n{\"n_prompt\": 0, \"n_gen\": 32,"
            + " \"avg_ts\": 6}\n");
    Files.writeString(
        folder.resolve("runs.tsv"),
        """
        1\tm.gguf\t1300000000\tzonda\tz1\t1616000000
        1\tm.gguf\t1300000000\tllama.cpp\tl1\t2899000000
        1\tm.gguf\t1300000000\tllama3.java\tj1\t1600000000
        2\tm.gguf\t1300000000\tzonda\tz2\t1618000000
        2\tm.gguf\t1300000000\tllama.cpp\tl2\t2899000000
        """);
    Files.writeString(
        folder.resolve("facts.tsv"),
        "machine\ta CPU\nnot measured\tik_llama.cpp: build it\ncommand\t./zonda bench\n");
    Files.writeString(folder.resolve("first.tsv"), "0.45\n0.47\n");
    Files.writeString(
        folder.resolve("limits.json"),
        "{\"figures\": [{\"threads\": 2, \"read\": {\"per_second\": [30e9, 31e9]},"
            + " \"multiply_add_float32\": {\"per_second\": [230e9]},"
            + " \"multiply_add_int8\": {\"unknown\": \"why\"}}]}");
    PeersReport.main(new String[] {folder.toString(), folder.resolve("report").toString()});
  }

  @Test
  void setsTheEnginesSideBySideWithRatiosOfEachRound() throws Exception {
    assertThat(Files.readString(folder.resolve("report.md")))
        .isEqualTo(
            """
            # Zonda beside its peers

            - machine: a CPU
            - not measured: ik_llama.cpp: build it
            - limits of 2 thread(s): reading 31.0 GB/s; multiply-adds of floats 230.0, of 8-bit integers unknown, of bfloat16 unknown G/s
            - zonda: commit abc, CPU, 2 threads, a JVM
            - llama.cpp: build 7 def
            - numbers: median (smallest to largest); a ratio is Zonda's speed to the peer's in the same round

            ## m.gguf, 1300 MB

            | engine | pp512 or pp64 tokens/s | ratio | tg32 @ 2048 tokens/s | ratio | tg32 tokens/s | ratio | peak memory, MB |
            |---|---|---|---|---|---|---|---|
            | zonda | 110.0 (100.0 to 120.0) | - | 11.00 (10.00 to 12.00) | - | - | - | 1617 (1616 to 1618) |
            | llama.cpp | 200.0 (200.0 to 200.0) | 0.55 (0.50 to 0.60) | 15.00 (10.00 to 20.00) | 0.85 (0.50 to 1.20) | - | - | 2899 (2899 to 2899) |
            | llama3.java | 50.0 (50.0 to 50.0) | 2.00 (2.00 to 2.00) | - | - | 6.00 (6.00 to 6.00) | - | 1600 (1600 to 1600) |

            Zonda's peak beyond the file and its KV cache of 16 MB: 301 MB.

            ## From a cold start to the first token

            The embedded model, from the start of `./zonda` to the first byte it prints: 0.46 (0.45 to 0.47) s, 2 times.

            ## Commands

            ```
            ./zonda bench
            ```
            """);
  }

  @Test
  void keepsEverySingleFigure() throws Exception {
    assertThat(Files.readAllLines(folder.resolve("report.csv")))
        .hasSize(1 + 3 * 5)
        .contains(
            "2,m.gguf,1300000000,llama.cpp,tg32 @ 2048,tokens/s,20.0",
            "1,m.gguf,1300000000,llama3.java,pp64,tokens/s,50.0",
            "1,m.gguf,1300000000,zonda,peak memory,MB,1616.0");
    JsonNode json = new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    assertThat(json.get("rows")).hasSize(15);
    assertThat(json.at("/figures/0/threads").asInt()).isEqualTo(2);
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains("<svg", "llama3.java", "Zonda is at 0.55 (0.50 to 0.60) of it");
  }
}
