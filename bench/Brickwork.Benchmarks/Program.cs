using BenchmarkDotNet.Running;
using Brickwork.Benchmarks;

// dotnet run -c Release --project bench/Brickwork.Benchmarks -- product [threads] [type …]     by hand, in seconds
// dotnet run -c Release --project bench/Brickwork.Benchmarks -- gemm [threads]                 the products of training
// dotnet run -c Release --project bench/Brickwork.Benchmarks -- --filter '*Attention*'         with BenchmarkDotNet
if (args is ["product", .. var rest])
    return ProductBenchmark.Run(rest);
if (args is ["gemm", .. var threads])
    return GemmRates.Run(threads);
BenchmarkSwitcher.FromAssembly(typeof(KernelBenchmark).Assembly).Run(args, new KernelConfig());
return 0;
