package com.llama4j;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Times llama3.java (github.com/mukel/llama3.java) as llama-bench times llama.cpp, and prints the
 * same fields. Its own command line can measure a first, cold run only; this calls its classes, and
 * so it has to be in their package.
 *
 * <p>Compile it against a build of llama3.java; {@code bench/peers.sh} does.
 */
final class Llama3Bench {

  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    int prompt = Integer.parseInt(args[1]);
    int generated = Integer.parseInt(args[2]);
    int repetitions = Integer.parseInt(args[3]);

    Llama model = ModelLoader.loadModel(file, Math.max(prompt, generated), true);
    Llama.State state = model.createNewState(Integer.getInteger("llama.BatchSize", 16));
    int begin = model.tokenizer().getSpecialTokens().get("<|begin_of_text|>");
    List<Integer> tokens = IntStream.generate(randomToken(begin)).limit(prompt).boxed().toList();

    generate(model, state, tokens, prompt);
    generate(model, state, List.of(begin), generated);
    for (int i = 0; i < repetitions; i++) {
      print(prompt, 0, generate(model, state, tokens, prompt));
      print(0, generated, generate(model, state, List.of(begin), generated));
    }
  }

  private static java.util.function.IntSupplier randomToken(int bound) {
    Random random = new Random(1);
    return () -> random.nextInt(bound);
  }

  /** Reads the prompt, then writes until there are so many tokens; returns the seconds. */
  private static double generate(
      Llama model, Llama.State state, List<Integer> prompt, int tokens) {
    long start = System.nanoTime();
    Llama.generateTokens(
        model, state, 0, prompt, Set.of(), tokens, Sampler.ARGMAX, false, token -> {});
    return (System.nanoTime() - start) * 1e-9;
  }

  private static void print(int prompt, int generated, double seconds) {
    System.out.printf(
        java.util.Locale.ROOT,
        "{\"n_prompt\": %d, \"n_gen\": %d, \"avg_ts\": %.3f}%n",
        prompt,
        generated,
        (prompt + generated) / seconds);
  }
}
