/** The forward pass as data: immutable records of operations, for every backend. */
package org.zonda.model.graph;
