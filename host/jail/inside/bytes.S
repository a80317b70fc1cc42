/* The inside program, carried in the host. */
  .section .rodata
  .global berth_inside_begin
  .global berth_inside_end
  .hidden berth_inside_begin
  .hidden berth_inside_end
  .balign 16
berth_inside_begin:
  .incbin BERTH_INSIDE_FILE
berth_inside_end:
  .byte 0
  .section .note.GNU-stack, "", %progbits
