package org.zonda.app.fixture2;

import org.zonda.app.fixture.Hen;

/** Half of a cycle. */
public final class Egg {
  Hen hen;
}
