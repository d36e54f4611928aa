using System;
using System.Runtime.CompilerServices;
using Atoll.Services.Lib;

namespace Atoll.Services.Coordinator;

/// <summary>What the system tells the coordinator: the policy, and who may order.</summary>
/// <remarks><c>restarts=N window=SECONDS</c>; <c>BADGE=order</c> for each client that may order. Everybody else may look.</remarks>
public struct CoordinatorArguments
{
    private const uint RestartsMax = 1000;
    private const uint WindowMax = 86_400;
    private const uint WindowUsual = 60;
    private const int OrderersMax = 8;

    private Badges _orderers;
    private int _count;
    private uint _restarts;
    private uint _window;

    /// <summary>What becomes of the dead.</summary>
    public readonly RestartPolicy Policy => new(_restarts, _window);

    /// <summary>Reads them.</summary>
    /// <returns>False: something else is written there.</returns>
    public bool TryRead(ReadOnlySpan<byte> text)
    {
        _window = WindowUsual;
        ArgumentReader reader = new(text);
        while (reader.TryNextText(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value))
        {
            if (!Take(key, value))
            {
                return false;
            }
        }

        return !reader.IsWrong;
    }

    /// <summary>Whether a client may order.</summary>
    public readonly bool MayOrder(ulong badge)
    {
        for (int index = 0; index < _count; index++)
        {
            if (_orderers[index] == badge)
            {
                return true;
            }
        }

        return false;
    }

    private bool Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (Text.AreEqual(key, "restarts"u8))
        {
            return TryNumber(value, 0, RestartsMax, out _restarts);
        }

        if (Text.AreEqual(key, "window"u8))
        {
            return TryNumber(value, 1, WindowMax, out _window);
        }

        if (_count == OrderersMax || !Text.AreEqual(value, "order"u8) || !ArgumentReader.TryNumber(key, out ulong badge))
        {
            return false;
        }

        _orderers[_count++] = badge;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, uint least, uint most, out uint number)
    {
        bool isNumber = ArgumentReader.TryNumber(digits, out ulong value) && value >= least && value <= most;
        number = (uint)value;
        return isNumber;
    }

    [InlineArray(OrderersMax)]
    private struct Badges
    {
        private ulong _badge0;
    }
}
