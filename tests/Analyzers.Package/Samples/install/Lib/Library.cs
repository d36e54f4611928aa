using Atoll;

public static class Library
{
    [NoGC]
    public static int Kept() => 1;

    [NoGC]
    public static string Built(int number) => "n" + number;
}
