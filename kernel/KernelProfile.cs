[assembly: Atoll.KernelProfile]

// C# reads no local before it is written. Zeroing messages and frames again would cost instructions on every path.
[module: System.Runtime.CompilerServices.SkipLocalsInit]
