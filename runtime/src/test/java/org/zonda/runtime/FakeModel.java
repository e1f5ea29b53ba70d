package org.zonda.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;
import org.zonda.model.tokenizer.Tokenizer.Specials;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.fake.FakeBackend;
import org.zonda.runtime.fake.FakeChatFormat;
import org.zonda.runtime.fake.FakeExecutor;
import org.zonda.runtime.fake.FakeSource;
import org.zonda.runtime.fake.FakeTokenizer;

/** An open model of fakes, and what it is made of. */
final class FakeModel implements AutoCloseable {

  static final int TRAINED_CONTEXT = 1000;

  final FakeSource source = new FakeSource();
  final FakeTokenizer tokenizer;
  final FakeBackend backend;
  final LanguageModel model;

  FakeModel(FakeTokenizer tokenizer, LoadOptions options, Function<List<Integer>, float[]> logits) {
    this.tokenizer = tokenizer;
    backend = new FakeBackend(logits);
    Value value = new Value(0, "input", 1);
    Block block = new Block("nothing", value, List.of(), value);
    Transformer transformer =
        new Transformer(
            "fake", tokenizer.vocabularySize(), TRAINED_CONTEXT, block, List.of(block), block);
    model =
        new LanguageModel(
            source,
            transformer,
            tokenizer,
            new FakeChatFormat(),
            backend,
            options,
            System.nanoTime());
  }

  static LoadOptions options(int contextLength, int batchSize) {
    return LoadOptions.DEFAULT
        .withContextLength(contextLength)
        .withSequences(3)
        .withBatchSize(batchSize)
        .withThreads(1)
        .withCacheType(CacheType.F32);
  }

  /** Says whatever the hash of what came before says. */
  static FakeModel hashed(int contextLength, int batchSize) {
    FakeTokenizer tokenizer = new FakeTokenizer();
    return new FakeModel(
        tokenizer,
        options(contextLength, batchSize),
        FakeExecutor.hashed(tokenizer.vocabularySize()));
  }

  /** Says a text after a prompt, and then the end. */
  static FakeModel saying(FakeTokenizer tokenizer, String prompt, String text) {
    int[] tokens = tokenizer.encode(text + "</s>", Specials.PARSED);
    return new FakeModel(
        tokenizer,
        options(200, 8),
        FakeExecutor.script(
            tokenizer.vocabularySize(),
            tokenizer.encodePrompt(prompt, Specials.PLAIN).length,
            Arrays.stream(tokens).boxed().toList()));
  }

  FakeExecutor executor() {
    return backend.executor();
  }

  @Override
  public void close() {
    model.close();
  }
}
