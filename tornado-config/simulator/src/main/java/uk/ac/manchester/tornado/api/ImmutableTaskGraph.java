package uk.ac.manchester.tornado.api;

import org.zonda.tornado.simulator.Graph;

/** A task graph that does not change any more. */
public class ImmutableTaskGraph {
  private final Graph graph;

  ImmutableTaskGraph(Graph graph) {
    this.graph = graph;
  }

  Graph graph() {
    return graph;
  }
}
