/**
 * Pictures of measurements: data in, SVG and HTML out. Drawn here because the one charting library
 * that was fit by licence (XChart 3.8.8, Apache) writes letters as outlines, 500 KB for nine dots,
 * which neither screen readers nor the dark mode can use, loads AWT, and has no roofline.
 */
package org.zonda.bench.picture;
