using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>Gives Init a CSpace of two levels (<see cref="SlotMap"/>).</summary>
internal static class CapabilitySpace
{
    private const byte AddressBits = 64;

    /// <summary>Makes the top table and goes over to it. What was an address before is one afterwards.</summary>
    internal static StartFailure Enter(ref readonly InitState state)
    {
        ref readonly SlotMap slots = ref state.Slots;
        SystemResult result = state.Memory.Make(
            CapabilityType.CNode, SlotMap.TopRadix, SlotMap.TopRadix + ObjectSize.SlotBits, slots.TopSlot);
        if (result != SystemResult.Ok)
        {
            return StartFailure.OutOfMemory;
        }

        result = slots.Top.Mint(0, SlotMap.Root, RootSlot.CNode, CapabilityRights.All, CNodeGuard.Of(0).Raw);
        if (result == SystemResult.Ok)
        {
            const byte guard = AddressBits - RootSlot.RootRadix - SlotMap.TopRadix;
            result = SlotMap.Root.Mint(slots.TopView, SlotMap.Root, slots.TopSlot, CapabilityRights.All, CNodeGuard.Of(guard).Raw);
        }

        ThreadControl self = new(RootSlot.Thread);
        while (result == SystemResult.Ok)
        {
            result = self.Configure(slots.TopView, RootSlot.VSpace, faultEndpoint: 0, RootSlot.MessageBuffer);
            if (result == SystemResult.Ok)
            {
                return self.SetBuffer(BootInformation.BufferAddress) == SystemResult.Ok ? StartFailure.None : StartFailure.Refused;
            }

            result = result == SystemResult.Again ? SystemResult.Ok : result;
        }

        return StartFailure.Refused;
    }
}
