"""The process it runs in: libraries, their versions, threads, memory, modules in processes of their own."""
