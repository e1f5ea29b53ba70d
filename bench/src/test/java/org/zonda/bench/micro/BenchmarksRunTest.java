package org.zonda.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.OptionalDouble;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** That each benchmark runs and counts; once, in this JVM, and whatever speed that is. */
class BenchmarksRunTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MatrixBenchmark.multiply|format=Q4_K tokens=3 threads=1|true",
        "AttentionBenchmark.attend|kvHeads=8 depth=70 tokens=1 threads=1|true",
        "AttentionBenchmark.attend|kvHeads=32 depth=5 tokens=66 threads=2|true",
        "ElementBenchmark.apply|operation=RMS_NORM tokens=1 threads=1|false",
        "ElementBenchmark.apply|operation=LAYER_NORM tokens=1 threads=1|false",
        "ElementBenchmark.apply|operation=ROTATE tokens=9 threads=2|false",
        "ElementBenchmark.apply|operation=GATE_SILU tokens=1 threads=1|false",
        "ElementBenchmark.apply|operation=GATE_GELU_TANH tokens=1 threads=1|false",
        "ElementBenchmark.apply|operation=GELU tokens=1 threads=1|false",
        "ElementBenchmark.apply|operation=ADD tokens=1 threads=1|false",
        "SamplingBenchmark.sample|way=TOP_P vocabulary=999|false",
        "SamplingBenchmark.sample|way=PENALTIES vocabulary=999|false",
        "SamplingBenchmark.best|way=GREEDY vocabulary=999|false",
        "CodecBenchmark.encode|format=Q8_0|false",
        "CodecBenchmark.decode|format=IQ4_XS|false",
        "TokenizerBenchmark.encode|text=../docs/quality-text.txt|false",
        "TokenizerBenchmark.decode|text=../docs/quality-text.txt|false",
      })
  void countsWhatItDoes(String name, String parameters, boolean computes) throws Exception {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(name + "$")
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(1))
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true);
    for (String parameter : parameters.split(" ")) {
      String[] pair = parameter.split("=");
      options.param(pair[0], pair[1]);
    }

    Collection<RunResult> results = new Runner(options.build()).run();

    assertThat(results).hasSize(1);
    RunResult result = results.iterator().next();
    assertThat(result.getPrimaryResult().getScore()).isPositive();
    assertThat(counted(result, "gigabytes").orElseThrow()).isPositive();
    assertThat(counted(result, "gigaMultiplyAdds").isPresent()).isEqualTo(computes);
  }

  private static OptionalDouble counted(RunResult result, String name) {
    var found = result.getSecondaryResults().get(name);
    return found == null ? OptionalDouble.empty() : OptionalDouble.of(found.getScore());
  }
}
