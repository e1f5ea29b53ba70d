/**
 * Chats as the prompts that models were trained on: by the model's own template, executed, or by a
 * format that has a name. Either renders to parts of two kinds, its own words and the messages'
 * contents, so that contents cannot forge special tokens.
 */
package org.zonda.model.chat;
