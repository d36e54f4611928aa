namespace Atoll.Services.Lib;

/// <summary>Where the program's windows are.</summary>
internal static class OwnWindow
{
    /// <summary>The memory at an address of a window.</summary>
    internal static ulong Of(ulong address) => address;
}
