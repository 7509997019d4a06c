// Where things are in the memory. AssemblyScript compiles this file too, so it holds plain integer constants and nothing else.

/** Addresses below are never used: a pointer of 0 means "nothing". Constant data of the kernels follows. */
export const staticDataStart = 1024;

/** Words the threads agree on. Each has a cache line of its own, so that waiting for one does not slow down another. */
export const controlBlock = 65536;
export const barrierArrivals = controlBlock + 64;
/** Goes up by one at each barrier; threads wait for it to change. */
export const barrierGeneration = controlBlock + 128;
export const barrierSleepers = controlBlock + 192;
/** Goes up by one with each job; workers wait for it to change. */
export const jobNumber = controlBlock + 256;
export const jobSleepers = controlBlock + 320;
/** What to run, in jobs of even number and of odd number: the program's header, and by how many threads. */
export const evenJob = controlBlock + 384;
export const oddJob = controlBlock + 392;
/** How many workers have started. */
export const workersReady = controlBlock + 448;
/** 1 + the thread that failed, or 0, once the command it was at and the bytes of its message, in UTF-8, stand there. */
export const failedThread = controlBlock + 512;
export const failedCommand = controlBlock + 516;
export const failureLength = controlBlock + 520;
/** 1 when a thread is about to say that it failed: only the first one does. */
export const failureClaim = controlBlock + 524;
export const failureText = controlBlock + 1024;
export const failureTextLimit = 2048;

/** Working memory of each thread, one after the other: for packed panels and the like. It keeps nothing between kernels. */
export const scratchStart = controlBlock + 4096;
export const scratchBytes = 2097152;

/**
 * Words of a program's header: where its commands and its modules are, and how many; and after how many commands other threads than the
 * first are done, with the last barrier: the memory may hold something else soon after it.
 */
export const headerWords = 5;
/** Words of a command: index in the table of kernels, pointer to its arguments, flags. */
export const commandWords = 3;
/** Flag of a command: only thread 0 runs it, as if there were no other. */
export const serialCommand = 1;
/** Flag of a command: all threads wait for each other after it. */
export const barrierAfter = 2;
/** Words of a module in a program: an id, its first index in the table, where its bytes are, and how many. */
export const moduleWords = 4;
