namespace Atoll.Services.Suite;

/// <summary>Priorities of the suite's threads. The tests themselves run at the first program's own.</summary>
internal static class Priority
{
    /// <summary>Runs at once, before the test goes on.</summary>
    internal const byte Above = 251;

    /// <summary>Of the tests.</summary>
    internal const byte Own = 250;

    /// <summary>Runs while the test waits.</summary>
    internal const byte Below = 249;
}
