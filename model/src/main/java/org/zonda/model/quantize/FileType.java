package org.zonda.model.quantize;

import static org.zonda.model.quantize.Place.ALWAYS;
import static org.zonda.model.quantize.Place.EIGHT_EXPERTS;
import static org.zonda.model.quantize.Place.FALCON;
import static org.zonda.model.quantize.Place.FIRST_EIGHTH;
import static org.zonda.model.quantize.Place.FIRST_SIXTEENTH;
import static org.zonda.model.quantize.Place.GROUPED;
import static org.zonda.model.quantize.Place.MORE_BITS;
import static org.zonda.model.quantize.Place.first;
import static org.zonda.model.quantize.TensorRole.ATTENTION_KEY;
import static org.zonda.model.quantize.TensorRole.ATTENTION_OUTPUT;
import static org.zonda.model.quantize.TensorRole.ATTENTION_VALUE;
import static org.zonda.model.quantize.TensorRole.FEED_FORWARD_DOWN;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.zonda.model.ZondaException;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/**
 * What a quantised file is called, and which format its matrices have: a base, and rules for those
 * that deserve more bits. The first rule that applies decides.
 *
 * <p>Beside the rules of each type: the output matrix (the token embedding where it is that too) is
 * Q6_K, or Q8_0 where that is the base, its rows do not divide into the base's blocks, or the model
 * is a falcon. A fused query-key-value matrix counts as attention's values. Where rows do not
 * divide into the chosen format's blocks, {@link #fallback} takes another.
 *
 * <p>Source: llama.cpp, src/llama-quant.cpp, without an importance matrix; numbers from its {@code
 * llama_ftype}.
 */
public enum FileType {
  F32(0, TensorType.F32),
  F16(1, TensorType.F16),
  BF16(32, TensorType.BF16),
  Q8_0(7, TensorType.Q8_0),
  Q6_K(18, TensorType.Q6_K),
  Q5_K_M(
      17,
      TensorType.Q5_K,
      rule(ATTENTION_VALUE, MORE_BITS, TensorType.Q6_K),
      rule(FEED_FORWARD_DOWN, MORE_BITS, TensorType.Q6_K)),
  Q5_K_S(16, TensorType.Q5_K),
  Q5_1(9, TensorType.Q5_1),
  Q5_0(8, TensorType.Q5_0),
  Q4_K_M(
      15,
      TensorType.Q4_K,
      rule(ATTENTION_VALUE, MORE_BITS, TensorType.Q6_K),
      rule(FEED_FORWARD_DOWN, FALCON.and(FIRST_SIXTEENTH), TensorType.Q6_K),
      rule(FEED_FORWARD_DOWN, FALCON.and(MORE_BITS), TensorType.Q5_K),
      rule(FEED_FORWARD_DOWN, FALCON, TensorType.Q4_K),
      rule(FEED_FORWARD_DOWN, MORE_BITS, TensorType.Q6_K),
      rule(ATTENTION_OUTPUT, EIGHT_EXPERTS.and(FALCON.negate()), TensorType.Q5_K)),
  Q4_K_S(
      14,
      TensorType.Q4_K,
      rule(ATTENTION_VALUE, first(4), TensorType.Q5_K),
      rule(FEED_FORWARD_DOWN, FIRST_EIGHTH.and(FALCON.negate()), TensorType.Q5_K),
      rule(ATTENTION_OUTPUT, EIGHT_EXPERTS.and(FALCON.negate()), TensorType.Q5_K)),
  Q4_1(3, TensorType.Q4_1),
  Q4_0(2, TensorType.Q4_0),
  IQ4_NL(
      25,
      TensorType.IQ4_NL,
      rule(ATTENTION_VALUE, GROUPED, TensorType.Q5_K),
      rule(FEED_FORWARD_DOWN, FIRST_EIGHTH, TensorType.Q5_K),
      rule(ATTENTION_OUTPUT, EIGHT_EXPERTS.and(FALCON.negate()), TensorType.Q5_K)),
  IQ4_XS(
      30,
      TensorType.IQ4_XS,
      rule(ATTENTION_VALUE, GROUPED, TensorType.Q5_K),
      rule(FEED_FORWARD_DOWN, FIRST_EIGHTH, TensorType.Q5_K),
      rule(ATTENTION_OUTPUT, EIGHT_EXPERTS.and(FALCON.negate()), TensorType.Q5_K)),
  Q3_K_L(
      13,
      TensorType.Q3_K,
      rule(ATTENTION_VALUE, ALWAYS, TensorType.Q5_K),
      rule(FEED_FORWARD_DOWN, FALCON, TensorType.Q4_K),
      rule(FEED_FORWARD_DOWN, ALWAYS, TensorType.Q5_K),
      rule(ATTENTION_OUTPUT, FALCON, TensorType.Q4_K),
      rule(ATTENTION_OUTPUT, EIGHT_EXPERTS.negate(), TensorType.Q5_K)),
  Q3_K_M(
      12,
      TensorType.Q3_K,
      rule(ATTENTION_VALUE, first(2), TensorType.Q5_K),
      rule(ATTENTION_VALUE, ALWAYS, TensorType.Q4_K),
      rule(FEED_FORWARD_DOWN, FIRST_SIXTEENTH, TensorType.Q5_K),
      rule(FEED_FORWARD_DOWN, FALCON.negate().or(MORE_BITS), TensorType.Q4_K),
      rule(ATTENTION_OUTPUT, EIGHT_EXPERTS.and(FALCON.negate()), TensorType.Q5_K),
      rule(ATTENTION_OUTPUT, FALCON.negate(), TensorType.Q4_K)),
  Q3_K_S(
      11,
      TensorType.Q3_K,
      rule(ATTENTION_OUTPUT, EIGHT_EXPERTS.and(FALCON.negate()), TensorType.Q5_K)),
  Q2_K(
      10,
      TensorType.Q2_K,
      rule(ATTENTION_VALUE, GROUPED, TensorType.Q4_K),
      rule(ATTENTION_VALUE, ALWAYS, TensorType.Q3_K),
      rule(FEED_FORWARD_DOWN, ALWAYS, TensorType.Q3_K),
      rule(ATTENTION_OUTPUT, EIGHT_EXPERTS.and(FALCON.negate()), TensorType.Q5_K),
      rule(ATTENTION_OUTPUT, FALCON.negate(), TensorType.Q3_K)),
  MXFP4(38, TensorType.MXFP4),
  /** Experts in MXFP4, everything else in Q8_0. */
  MXFP4_MOE(38, TensorType.MXFP4);

  /** What holds for every mix, before its own rules. */
  private static final List<Rule> COMMON =
      List.of(
          rule(ATTENTION_VALUE, EIGHT_EXPERTS, TensorType.Q8_0),
          rule(ATTENTION_KEY, EIGHT_EXPERTS, TensorType.Q8_0));

  /** What becomes of attention's values in models of 70 billion parameters, after the rules. */
  private static final Map<TensorType, TensorType> SEVENTY_BILLION =
      Map.of(TensorType.Q3_K, TensorType.Q5_K, TensorType.Q4_K, TensorType.Q5_K);

  /** For rows that are no multiple of 256; in blocks of 32, and not smaller. */
  private static final Map<TensorType, TensorType> SMALLER_BLOCKS =
      Map.of(
          TensorType.Q2_K, TensorType.Q4_0,
          TensorType.Q3_K, TensorType.Q4_0,
          TensorType.Q4_K, TensorType.Q5_0,
          TensorType.Q5_K, TensorType.Q5_1,
          TensorType.Q6_K, TensorType.Q8_0,
          TensorType.IQ4_XS, TensorType.IQ4_NL);

  /** Short names that users know. */
  private static final Map<String, FileType> ALIASES =
      Map.of("Q3_K", Q3_K_M, "Q4_K", Q4_K_M, "Q5_K", Q5_K_M);

  private final int id;
  private final TensorType base;
  private final List<Rule> rules;

  FileType(int id, TensorType base, Rule... rules) {
    this.id = id;
    this.base = base;
    this.rules = List.of(rules);
  }

  private static Rule rule(TensorRole role, Predicate<Place> condition, TensorType type) {
    return new Rule(role, condition, type);
  }

  /**
   * Finds a type by its name.
   *
   * @param name such as {@code Q4_K_M}, in any case; Q3_K, Q4_K, Q5_K stand for their M
   * @return the type
   * @throws ZondaException if there is none of that name; the message lists all
   */
  public static FileType parse(String name) {
    String wanted = name.toUpperCase(Locale.ROOT).replace('-', '_');
    for (FileType type : values()) {
      if (type.name().equals(wanted)) {
        return type;
      }
    }
    if (ALIASES.containsKey(wanted)) {
      return ALIASES.get(wanted);
    }
    boolean format = Arrays.stream(TensorType.values()).anyMatch(t -> t.name().equals(wanted));
    throw new ZondaException(
        "%s: %s; the types are %s"
            .formatted(
                name,
                format ? "models cannot be quantised to this format" : "no such type",
                Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "))));
  }

  /**
   * The number in {@code general.file_type}.
   *
   * @return llama.cpp's {@code llama_ftype}
   */
  public int id() {
    return id;
  }

  /**
   * What most matrices are stored as.
   *
   * @return the format
   */
  public TensorType base() {
    return base;
  }

  /** Whether all matrices are of the base, since it loses little or nothing. */
  private boolean plain() {
    return base.blockElements() == 1;
  }

  /** What a matrix is to be stored as, before its shape is looked at. */
  TensorType choose(Tensor matrix, Place place) {
    if (plain()) {
      return base;
    }
    boolean output =
        place.role() == TensorRole.OUTPUT
            || place.role() == TensorRole.TOKEN_EMBEDDING && place.model().tied();
    if (output) {
      return outputType(matrix, place);
    }
    if (this == MXFP4_MOE) {
      return matrix.dimension(2) > 1 ? base : TensorType.Q8_0;
    }
    TensorType type =
        firstOf(COMMON, place).or(() -> firstOf(rules, place)).map(Rule::type).orElse(base);
    return place.role() == ATTENTION_VALUE && place.model().seventyBillion()
        ? SEVENTY_BILLION.getOrDefault(type, type)
        : type;
  }

  private static Optional<Rule> firstOf(List<Rule> rules, Place place) {
    return rules.stream().filter(rule -> rule.appliesTo(place)).findFirst();
  }

  private TensorType outputType(Tensor matrix, Place place) {
    boolean larger =
        this == MXFP4_MOE
            || base == TensorType.Q8_0
            || FALCON.test(place)
            || matrix.rowLength() % base.blockElements() != 0;
    return larger ? TensorType.Q8_0 : TensorType.Q6_K;
  }

  /**
   * What can store a matrix instead of a format whose blocks its rows do not divide into.
   *
   * @param type the format that was chosen
   * @param rowLength elements of a row
   * @return the format itself where it fits; else one with blocks of 32, or F16 where those do not
   *     fit either
   */
  static TensorType fallback(TensorType type, long rowLength) {
    if (rowLength % type.blockElements() == 0) {
      return type;
    }
    TensorType smaller = SMALLER_BLOCKS.getOrDefault(type, type);
    return rowLength % smaller.blockElements() == 0 ? smaller : TensorType.F16;
  }
}
