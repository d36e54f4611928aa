[assembly: Atoll.KernelProfile]
