using System;
using System.Threading;
using Atoll;

Console.WriteLine(Hot.Sum(3));

[Flags]
enum Access
{
    None = 0,
    Write = 2,
}

static class Hot
{
    [NoGC]
    public static int Sum(int start)
    {
        int[] four = new int[4];
        four[0] = start;
        return four[0] + four.Length;
    }

    [NoGC]
    public static bool CanWrite(Access access) => access.HasFlag(Access.Write);

    [NoGC]
    public static int None() => Count(new int[0]);

    [NoRecursion]
    public static void Wait()
    {
        var source = new CancellationTokenSource();
        Console.WriteLine(source.IsCancellationRequested);
    }

    [NoGC]
    public static int FromLibrary() => Library.Kept() + 1;

    private static int Count(int[] numbers) => numbers.Length;
}
