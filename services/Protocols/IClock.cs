using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>Time.</summary>
[Protocol("clock", version: 1)]
public interface IClock
{
    /// <summary>Microseconds since the machine was started.</summary>
    ulong Now();

    /// <summary>Seconds since the beginning of 1970, UTC.</summary>
    ulong Date();

    /// <summary>Returns when so much time has passed.</summary>
    [Deferred]
    void Sleep(ulong microseconds);
}
