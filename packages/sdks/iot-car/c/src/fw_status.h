#ifndef FW_STATUS_H
#define FW_STATUS_H

/** What became of a call. Every function that can fail returns one of these; zero is success. */
typedef enum {
  /** Done. */
  FW_OK = 0,
  /** The payload ends before its value does. Nothing of it may be used. */
  FW_TRUNCATED = 1,
  /** The payload is not of its format: not JSON, not protobuf, or something stands behind the value. */
  FW_SYNTAX = 2,
  /** A text is not well-formed UTF-8. */
  FW_ENCODING = 3,
  /** More than 64 objects and lists are open at once. */
  FW_DEPTH = 4,
  /** A declared key occurs twice. */
  FW_DUPLICATE = 5,
  /** A required field is absent. */
  FW_MISSING = 6,
  /** A value of another kind than declared, such as a text where a number belongs, or null. */
  FW_TYPE = 7,
  /** A number out of its bounds, not a multiple of its step, or a fraction where an integer belongs. */
  FW_RANGE = 8,
  /** A text, list or octet string that is too long or too short. */
  FW_LENGTH = 9,
  /** A text that does not fit its pattern or its format. */
  FW_PATTERN = 10,
  /** Not a value of the enum, not the constant, or no branch of the union. */
  FW_ENUM = 11,
  /** The caller's buffer is too small; nothing was written behind its end. */
  FW_SPACE = 12,
  /** No topic of the contract, or a parameter that may not stand in a topic. */
  FW_TOPIC = 13,
  /** The message has no such format, or the format was left out of this build. */
  FW_FORMAT = 14,
  /** There is no connection, or the client library cannot take more now. Nothing was sent. */
  FW_OFFLINE = 32,
  /** The store did not take it. What it had is still there. */
  FW_STORE = 33,
  /** No such call runs: it was preempted, took too long, or never was. */
  FW_UNKNOWN = 34
} fw_status_t;

#endif
