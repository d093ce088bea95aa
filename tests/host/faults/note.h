/* The note that the SDK puts into a detector's library, with FAULT_NOTE as its content. */
#pragma once

__asm__(".pushsection .note.posterior,\"a\",%note\n"
        ".balign 4\n"
        ".long 10, 2f - 1f, 1\n"
        ".ascii \"Posterior\\0\"\n"
        ".balign 4\n"
        "1: .ascii \"" FAULT_NOTE "\"\n"
        "2: .balign 4\n"
        ".popsection\n");
