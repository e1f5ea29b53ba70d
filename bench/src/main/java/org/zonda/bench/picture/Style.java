package org.zonda.bench.picture;

/**
 * Colours and letters, the same in pages and in pictures by themselves. The colours of series are
 * told apart by readers of every kind of colour vision (after Okabe and Ito, made darker or lighter
 * to stand out from the paper); no picture relies on them alone.
 */
final class Style {

  /** After so many series, colours repeat. */
  static final int COLOURS = 6;

  private static final String LIGHT =
      """
      --ink: #1c2430; --soft: #5b6675; --line: #d5dbe3; --paper: #ffffff;
      --c0: #0072b2; --c1: #d55e00; --c2: #008a63; --c3: #b0508c; --c4: #8a6d00; --c5: #5b6675;
      """;

  private static final String DARK =
      """
      --ink: #e6eaf0; --soft: #9aa6b5; --line: #333c49; --paper: #14181f;
      --c0: #56a8e8; --c1: #f08a3c; --c2: #2fbf93; --c3: #e08fc0; --c4: #d9b93c; --c5: #9aa6b5;
      """;

  /** Of a picture; its rules reach nothing else in a page. */
  static final String PICTURE =
      colours(".picture")
          + """
          .picture { font: 14px system-ui, sans-serif; max-width: 100%; }
          .picture text { fill: var(--ink); }
          .picture .title { font-size: 16px; font-weight: 600; }
          .picture .strong { font-weight: 600; }
          .picture .soft { fill: var(--soft); }
          .picture .small { font-size: 12px; }
          .picture .halo { paint-order: stroke; stroke: var(--paper); stroke-width: 3; stroke-linejoin: round; }
          .picture .end { text-anchor: end; }
          .picture .middle { text-anchor: middle; }
          .picture .paper { fill: var(--paper); }
          .picture .grid { stroke: var(--line); }
          .picture .axis { stroke: var(--soft); }
          .picture .leader { stroke: var(--soft); stroke-width: .75; }
          .picture .whisker { fill: none; stroke: var(--ink); stroke-width: 1.5; }
          .picture .curve { fill: none; stroke: var(--c); stroke-width: 2; }
          .picture .band { fill: var(--c); fill-opacity: .2; }
          .picture .fill { fill: var(--c); }
          .picture .memory { stroke: var(--soft); stroke-width: 2; }
          .picture .dashed { stroke-dasharray: 7 4; }
          """
          + series();

  /** Of a page. */
  static final String PAGE =
      colours(":root")
          + """
          :root { color-scheme: light dark; }
          body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
            max-width: 58rem; margin: 2rem auto; padding: 0 1rem; }
          h1 { font-size: 1.5rem; margin-bottom: 0; overflow-wrap: anywhere; }
          h2 { font-size: 1.15rem; margin-top: 2.5rem; overflow-wrap: anywhere; }
          a { color: var(--c0); }
          summary, .save { color: var(--soft); font-size: .85rem; }
          .save a { color: inherit; }
          figure { margin: 1.6rem 0; } .save { margin: 0; } summary { cursor: pointer; }
          .wide { overflow-x: auto; }
          .wide .picture { display: block; max-width: none; width: 100%; min-width: 42rem; height: auto; }
          table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .4rem 0 1rem; }
          caption { text-align: left; color: var(--soft); }
          td, th { padding: .2rem .9rem .2rem 0; text-align: right; font-weight: normal;
            border-bottom: 1px solid var(--line); white-space: nowrap; }
          thead th { font-weight: 600; }
          .words { text-align: left; }
          dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; }
          dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
          pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .8rem; max-height: 24rem;
            overflow: auto; border: 1px solid var(--line); padding: .6rem; }
          li { overflow-wrap: anywhere; }
          @media print {
            body { max-width: none; margin: 0; }
            figure, tr { break-inside: avoid; } h2 { break-after: avoid; }
            .save, summary { display: none; } .wide { overflow: visible; }
            details::details-content { content-visibility: visible; height: auto; }
            pre { max-height: none; }
            .wide .picture { min-width: 0; }
          }
          """;

  private Style() {}

  /** The class of a series. */
  static String series(int number) {
    return "s" + number % COLOURS;
  }

  private static String colours(String selector) {
    return selector
        + " {\n"
        + LIGHT
        + "}\n@media screen and (prefers-color-scheme: dark) { "
        + selector
        + " {\n"
        + DARK
        + "} }\n";
  }

  private static String series() {
    StringBuilder rules = new StringBuilder();
    for (int i = 0; i < COLOURS; i++) {
      rules.append(".picture .s%d { --c: var(--c%d); }\n".formatted(i, i));
    }
    return rules.toString();
  }
}
