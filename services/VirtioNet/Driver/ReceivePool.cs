using System.Runtime.CompilerServices;
using Atoll.Services.Lib;

namespace Atoll.Services.VirtioNet;

/// <summary>Who has each buffer for what comes: nobody, the device, or a stack. So what a stack or a device says of a buffer that it does not have is known to be wrong.</summary>
public struct ReceivePool
{
    private const byte Device = 1;
    private const byte FirstLane = 2;

    /// <summary>Buffers that stacks which give nothing back leave to the others.</summary>
    public const uint Kept = 32;

    private Owners _owners;
    private Owners _free;
    private Counts _given;
    private int _freeCount;
    private int _most;

    /// <summary>Buffers that nobody has.</summary>
    public readonly int FreeCount => _freeCount;

    /// <summary>Begins: nobody has any.</summary>
    /// <param name="lanes">Stacks that there may be. All but one of them together leave <see cref="Kept"/> buffers for the device and the last one.</param>
    public void Begin(uint lanes)
    {
        this = default;
        uint others = lanes > 1 ? lanes - 1 : 0;
        _most = others == 0 ? (int)LinkPage.ReceiveBuffers : (int)((LinkPage.ReceiveBuffers - Kept) / others);
        for (int buffer = (int)LinkPage.ReceiveBuffers - 1; buffer >= 0; buffer--)
        {
            Free((uint)buffer);
        }
    }

    /// <summary>Takes one for the device.</summary>
    /// <returns>False: none is free.</returns>
    public bool TryTake(out uint buffer)
    {
        bool isThere = _freeCount > 0;
        _freeCount -= isThere ? 1 : 0;
        buffer = isThere ? _free[_freeCount] : 0u;
        if (isThere)
        {
            _owners[(int)buffer] = Device;
        }

        return isThere;
    }

    /// <summary>Whether a stack may have another.</summary>
    public readonly bool MayGive(uint lane) => _given[(int)lane] < _most;

    /// <summary>A stack has it from now on.</summary>
    public void Give(uint buffer, uint lane)
    {
        _owners[(int)buffer] = (byte)(FirstLane + lane);
        _given[(int)lane]++;
    }

    /// <summary>Takes one back from a stack.</summary>
    /// <returns>False: the stack does not have it.</returns>
    public bool TryReturn(uint buffer, uint lane)
    {
        bool isHad = buffer < LinkPage.ReceiveBuffers && _owners[(int)buffer] == FirstLane + lane;
        if (isHad)
        {
            _given[(int)lane]--;
            Free(buffer);
        }

        return isHad;
    }

    /// <summary>Takes all back that a stack has.</summary>
    public void ReturnAll(uint lane)
    {
        for (uint buffer = 0; buffer < LinkPage.ReceiveBuffers; buffer++)
        {
            _ = TryReturn(buffer, lane);
        }
    }

    /// <summary>The device has it no more, and nobody else.</summary>
    public void Free(uint buffer)
    {
        _owners[(int)buffer] = 0;
        _free[_freeCount++] = (byte)buffer;
    }

    [InlineArray(LaneTable.Most)]
    private struct Counts
    {
        private int _count0;
    }

    [InlineArray((int)LinkPage.ReceiveBuffers)]
    private struct Owners
    {
        private byte _owner0;
    }
}
