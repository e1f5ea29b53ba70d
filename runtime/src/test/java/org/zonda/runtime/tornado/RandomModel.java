package org.zonda.runtime.tornado;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.BlockBuilder;
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.NormKind;
import org.zonda.model.graph.Operation.Row;
import org.zonda.model.graph.Rotary;
import org.zonda.model.graph.Scores;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;
import org.zonda.model.graph.Weight;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/**
 * A model that nobody ever trained or described: each layer has the same random operations on
 * random values, with weights of its own, and attends once. What a backend makes of operations in
 * an unusual order is seen here.
 */
final class RandomModel implements ModelSource {

  static final int WIDTH = 16;
  static final int VOCABULARY = 40;
  static final int CONTEXT = 64;
  private static final int LAYERS = 3;

  private final long seed;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Random weights;
  private final Transformer transformer;

  RandomModel(long seed) {
    this.seed = seed;
    weights = new Random(seed);
    List<Block> layers = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      layers.add(new Layer(layer).build());
    }
    transformer =
        new Transformer("random", VOCABULARY, CONTEXT, embedding(), layers, head(new Random(seed)));
  }

  Transformer transformer() {
    return transformer;
  }

  private Block embedding() {
    BlockBuilder b = new BlockBuilder("embedding", 1);
    Value token = b.embed("token", Row.TOKEN, tensor("token", WIDTH, VOCABULARY));
    Value position = b.embed("position", Row.POSITION, tensor("position", WIDTH, CONTEXT));
    Value segment = b.embed("segment", Row.SEGMENT, tensor("segment", WIDTH, 2));
    Value scaled = b.scale("scaled", token, 1.7f);
    return b.build(b.add("all", b.add("placed", scaled, position), segment));
  }

  private Block head(Random random) {
    BlockBuilder b = new BlockBuilder("head", WIDTH);
    Value norm =
        b.norm(
            "norm", NormKind.RMS, b.input(), 1, tensor("last", WIDTH, 1), Optional.empty(), 1e-5f);
    Optional<Weight> bias = Optional.of(tensor("logits.bias", VOCABULARY, 1));
    Value logits = b.linear("logits", norm, tensor("logits", WIDTH, VOCABULARY), bias);
    Value capped = random.nextBoolean() ? b.softCap("capped", logits, 3) : logits;
    return b.build(random.nextBoolean() ? b.scale("output", capped, 0.5f) : capped);
  }

  /** The random operations of a layer: the same for all, since they follow from the seed. */
  private final class Layer {

    private final Random random = new Random(seed);
    private final int number;
    private final BlockBuilder b;
    private final List<Value> values = new ArrayList<>();
    private int named;

    Layer(int number) {
      this.number = number;
      b = new BlockBuilder("layer " + number, WIDTH);
      values.add(b.input());
    }

    Block build() {
      int before = random.nextInt(5);
      int after = 1 + random.nextInt(8);
      for (int i = 0; i < before; i++) {
        values.add(step());
      }
      values.add(attend());
      for (int i = 0; i < after; i++) {
        values.add(step());
      }
      // Some of what came of it is added up, in any order, so that no value grows or is forgotten.
      Value sum = values.getLast();
      for (int i = random.nextInt(3); i >= 0; i--) {
        Value other = any();
        sum =
            random.nextBoolean() ? b.add(name("sum"), sum, other) : b.add(name("sum"), other, sum);
      }
      return b.build(norm(sum, 1));
    }

    private String name(String what) {
      return what + named++;
    }

    private Value any() {
      return values.get(random.nextInt(values.size()));
    }

    private Value step() {
      return switch (random.nextInt(9)) {
        case 0 -> b.activate(name("activated"), activation(), any());
        case 1 -> b.scale(name("scaled"), any(), 0.3f + random.nextFloat());
        case 2 -> b.softCap(name("capped"), any(), 2);
        case 3 -> b.gate(name("gated"), activation(), any(), any());
        case 4 -> b.add(name("added"), any(), any());
        case 5 -> norm(any(), random.nextBoolean() ? 1 : 4);
        case 6 -> adapted(any(), WIDTH);
        case 7 -> {
          Value in = any();
          yield b.gate(name("gated"), activation(), linear(in, WIDTH), linear(in, WIDTH));
        }
        default -> linear(any(), WIDTH);
      };
    }

    private Activation activation() {
      return Activation.values()[random.nextInt(Activation.values().length)];
    }

    private Value norm(Value in, int heads) {
      NormKind kind = random.nextBoolean() ? NormKind.RMS : NormKind.LAYER;
      int elements = random.nextBoolean() ? in.width() : in.width() / heads;
      Weight weight = weight(elements, 1);
      boolean biased = random.nextBoolean() && kind == NormKind.LAYER;
      Optional<Weight> bias = biased ? Optional.of(weight(elements, 1)) : Optional.empty();
      return b.norm(name("norm"), kind, in, heads, weight, bias, 1e-4f);
    }

    /** A whole tensor, or the second of three parts of one. */
    private Value linear(Value in, int rows) {
      Optional<Weight> bias =
          random.nextBoolean()
              ? Optional.of(weight(3 * rows, 1).part(rows, rows))
              : Optional.empty();
      Weight weight =
          random.nextBoolean()
              ? weight(in.width(), 3 * rows).part(rows, rows)
              : weight(in.width(), rows);
      return b.linear(name("linear"), in, weight, bias);
    }

    /** A linear layer with an adapter of rank 4 beside it. */
    private Value adapted(Value in, int rows) {
      Value plain = linear(in, rows);
      Value low = b.linear(name("low"), in, weight(in.width(), 4), Optional.empty());
      Value high = b.linear(name("high"), low, weight(4, rows), Optional.empty());
      Value share = random.nextBoolean() ? b.scale(name("share"), high, 0.5f) : high;
      return b.add(name("adapted"), plain, share);
    }

    private Value attend() {
      Value in = any();
      int heads = random.nextBoolean() ? 4 : 2;
      int kvHeads = random.nextBoolean() ? 2 : 1;
      Value query = projected(in, 8 * heads);
      Value key = projected(in, 8 * kvHeads);
      Value value = projected(random.nextInt(4) == 0 ? any() : in, 8 * kvHeads);
      if (random.nextBoolean()) {
        query = norm(query, heads);
        key = norm(key, kvHeads);
      }
      if (random.nextBoolean()) {
        float[] frequencies = random.nextBoolean() ? new float[] {1, 0.1f} : new float[] {0.7f};
        frequencies[0] += number % 2;
        Rotary rotary = new Rotary(Rotary.Pairing.HALVES, frequencies, 1.1f);
        query = b.rotate(name("turned"), query, heads, rotary);
        key = b.rotate(name("turned"), key, kvHeads, rotary);
      }
      Scores scores = new Scores(0.35f, random.nextBoolean() ? 3 : 0, random.nextBoolean() ? 8 : 0);
      Mask mask = random.nextBoolean() ? Mask.CAUSAL : Mask.window(3 + 2 * number);
      Value seen =
          b.attention(name("seen"), query, key, value, heads, kvHeads, scores, mask, number);
      return linear(seen, WIDTH);
    }

    private Value projected(Value in, int rows) {
      return random.nextInt(4) == 0 ? adapted(in, rows) : linear(in, rows);
    }

    private Weight weight(int columns, int rows) {
      return tensor("blk." + number + "." + name("weight"), columns, rows);
    }
  }

  /** A tensor of random numbers. */
  private Weight tensor(String name, int columns, int rows) {
    long elements = (long) columns * rows;
    MemorySegment data = Arena.ofAuto().allocate(elements * Float.BYTES, 64);
    for (long i = 0; i < elements; i++) {
      double value =
          rows == 1
              ? 1 + 0.3 * weights.nextGaussian()
              : weights.nextGaussian() / Math.sqrt(columns);
      data.setAtIndex(ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN), i, (float) value);
    }
    List<Long> shape = rows == 1 ? List.of((long) columns) : List.of((long) columns, (long) rows);
    tensors.put(name, new Tensor(name, TensorType.F32, shape, data));
    return new Weight(name, columns, rows, 1);
  }

  @Override
  public String label() {
    return "random.gguf";
  }

  @Override
  public Metadata metadata() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Collection<Tensor> tensors() {
    return tensors.values();
  }

  @Override
  public Optional<Tensor> findTensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  @Override
  public void close() {
    // Its memory is the garbage collector's.
  }
}
