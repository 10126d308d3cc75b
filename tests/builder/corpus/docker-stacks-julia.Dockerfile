FROM quay.io/school/minimal-notebook
ENV JULIA_DEPOT_PATH=/opt/julia \
    JULIA_PKGDIR=/opt/julia
RUN <<EOT
  set -e
  /opt/setup-scripts/setup_julia.py
  julia -e 'using Pkg; Pkg.add(["IJulia", "HDF5"])'
EOT
