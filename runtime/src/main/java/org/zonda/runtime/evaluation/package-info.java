/** How well a model predicts a text, and how far another one, or another backend, is from it. */
package org.zonda.runtime.evaluation;
