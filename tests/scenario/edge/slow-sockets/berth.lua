-- A heartbeat longer than write_stall, and room for large messages.
limits { heartbeat = "400ms", write_stall = "300ms", message = "16MiB", stream_buffer = "32MiB" }
