package org.zonda.bench.micro;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.synthetic.SyntheticModel;
import org.zonda.model.tokenizer.Tokenizer;
import org.zonda.model.tokenizer.Tokenizer.Specials;
import org.zonda.model.tokenizer.Tokenizers;

/** Text to tokens and back; one thread. Bytes are those of the text in UTF-8. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class TokenizerBenchmark {

  /** A GGUF file, or a synthetic model, whose vocabulary is of a real size and made up. */
  @Param("llama-15m:q8_0")
  private String model;

  /** A text; paths count from the repository's root. */
  @Param("docs/quality-text.txt")
  private String text;

  private Tokenizer tokenizer;
  private String whole;
  private int[] tokens;
  private double bytes;

  /** Reads the text. */
  @Setup
  public void prepare() throws IOException {
    whole = Files.readString(Path.of(text));
    bytes = whole.getBytes(StandardCharsets.UTF_8).length;
    try (ModelSource source =
        model.endsWith(".gguf") ? GgufFile.open(Path.of(model)) : SyntheticModel.create(model, 1)) {
      tokenizer = Tokenizers.of(source);
    }
    tokens = tokenizer.encode(whole, Specials.PLAIN);
  }

  /** Text to tokens. */
  @Benchmark
  public int[] encode(MachineBenchmark.Reading reading) {
    reading.gigabytes += bytes / 1e9;
    return tokenizer.encode(whole, Specials.PLAIN);
  }

  /** Tokens to text. */
  @Benchmark
  public String decode(MachineBenchmark.Reading reading) {
    reading.gigabytes += bytes / 1e9;
    return tokenizer.decode(tokens);
  }
}
