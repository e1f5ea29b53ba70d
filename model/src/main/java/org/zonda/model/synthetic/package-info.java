/** Models of real shapes with random weights, to measure and test without a download. */
package org.zonda.model.synthetic;
